"""Fetch, strip and lay down what we take from others: run it again to move to a newer version.

    npm pack govuk-frontend@6.3.0
    git clone https://github.com/googlefonts/atkinson-hyperlegible-next
    git -C atkinson-hyperlegible-next checkout 7925f50f649b3813257faf2f4c0b381011f434f1
    python vendoring/refresh.py govuk-frontend-6.3.0.tgz atkinson-hyperlegible-next

Nothing here runs when the service runs. The design system is taken without its owner's identity: no
crown, no crest, no typeface of theirs, and no address of a file that we do not have. The typeface is taken as
its makers give it, all letters in one file: what is cut into files by alphabet is fetched as somebody types.
"""

from __future__ import annotations

import re
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1] / "static" / "vendor"  # what lies there is served: no program does
OUR_FONTS = '"Atkinson Hyperlegible Next",system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
IDENTITY = re.compile(r"\.govuk-header|\.govuk-logo|copyright-logo|__crown|crest|\.govuk-footer__copyright")
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")

MIT = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense,
and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def read(archive: str, name: str) -> bytes:
    with tarfile.open(archive) as tar:
        member = tar.extractfile(f"package/{name}")
        if member is None:
            raise SystemExit(f"{archive} has no {name}")
        return member.read()


def strip(css: str) -> str:
    """The compiled stylesheet without its owner's identity."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", OUR_FONTS)
    css = RULE.sub(keep_or_drop, css)
    css = re.sub(r"/\*#\s*sourceMappingURL[^*]*\*/", "", css)
    for trace in ("GDS Transport", "/assets/", "url(", "crown", "crest"):
        if trace in css:
            raise SystemExit(f"{trace!r} is still in the stylesheet: look at what changed upstream.")
    return css


def keep_or_drop(rule: re.Match[str]) -> str:
    """One rule: dropped when it draws the owner's identity, else without addresses of their files."""
    if IDENTITY.search(rule[1]):
        return ""
    body = ";".join(part for part in rule[2].split(";") if "url(" not in part)
    return f"{rule[1]}{{{body}}}"


def main(frontend: str, fonts: str) -> None:
    sheet = strip(read(frontend, "dist/govuk/govuk-frontend.min.css").decode())
    (HERE / "govuk-frontend.css").write_text(sheet + "\n", "utf-8")
    (HERE / "govuk-frontend.LICENCE.txt").write_text(MIT, "utf-8")
    made = Path(fonts) / "fonts" / "webfonts" / "AtkinsonHyperlegibleNext[wght].woff2"
    (HERE / "atkinson-hyperlegible-next-wght.woff2").write_bytes(made.read_bytes())
    (HERE / "atkinson-hyperlegible-next.OFL.txt").write_bytes((Path(fonts) / "OFL.txt").read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2])
