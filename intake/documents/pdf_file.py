"""The report as PDF/UA-1: tagged, with its fonts inside, made without looking anything up elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .html_file import FONT_FILE, render
from .report import Report

CHARTS = "#000000"
PAGE = """
@page {
  size: A4; margin: 2cm 2cm 2.2cm;
  font: 8.5pt "Atkinson Hyperlegible Next"; color: #333;
  @bottom-left { content: string(authority); }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); }
}
.authority { string-set: authority content(); }
"""


class CannotWrite(RuntimeError):
    """No PDF can be made here; the message says what is missing."""


def write(report: Report, *, templates: Path, fonts: Path) -> bytes:
    """The PDF. `templates` and `fonts` as for HTML. Raises `CannotWrite` where Pango is missing."""
    HTML, CSS, Fetcher, Response = _printer()
    parts = {f"intake:{FONT_FILE}": ("font/woff2", (fonts / FONT_FILE).read_bytes())}
    if report.logo is not None:
        parts["intake:logo"] = (report.logo.kind, report.logo.data)

    class OurParts(Fetcher):  # type: ignore[misc, valid-type]  # loaded only where Pango is
        """Hands over the parts that are ours and refuses every other address."""

        def fetch(self, url: str, headers: object = None) -> Any:
            if url not in parts:
                raise ValueError(f"refused: {url}")
            kind, data = parts[url]
            return Response(url, data, {"Content-Type": kind})

    text = render(
        report,
        templates,
        logo="intake:logo" if report.logo else "",
        font=f"intake:{FONT_FILE}",
        colour=CHARTS,
    )
    page = HTML(string=text, base_url="intake:", url_fetcher=OurParts())
    written: bytes = page.write_pdf(stylesheets=[CSS(string=PAGE)], pdf_variant="pdf/ua-1")
    return written


def _printer() -> tuple[Any, Any, Any, Any]:
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:  # the Pango libraries are loaded on import
        raise CannotWrite(
            "PDF needs Pango, which is not installed here. On Debian: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from error
    return HTML, CSS, URLFetcher, URLFetcherResponse
