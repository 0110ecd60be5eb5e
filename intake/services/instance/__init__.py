"""An instance as a whole: founded, upgraded, backed up, held against its anchors."""
