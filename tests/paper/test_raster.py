"""Pages as pictures: what is on paper is in the buffer, in one piece or in bands, from any thread."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from gxeditor.core.errors import GxError
from gxeditor.paper.raster import PageImages, Picture


def two_pages() -> bytes:
    """An upright A4 page with a black square of 1 inch, 1 inch from the upper left, and a lying one, half of it red."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.rect(72, A4[1] - 144, 72, 72, stroke=0, fill=1)
    canvas.showPage()
    canvas.setPageSize(landscape(A4))
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(0, 0, A4[1] / 2, A4[0], stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def pixel(picture: Picture, x: int, y: int) -> bytes:
    step = 1 if picture.grey else 4
    start = y * picture.stride + x * step
    return picture.data[start : start + step]


def test_a_document_knows_its_pages_and_their_sizes_in_points() -> None:
    with PageImages(two_pages()) as images:
        assert images.pages == 2
        assert images.size(0) == pytest.approx(A4, abs=0.01)
        assert images.size(1) == pytest.approx(landscape(A4), abs=0.01)
        assert images.pixels(0, 600) == (4961, 7016)


def test_what_is_drawn_an_inch_from_the_corner_is_as_many_pixels_from_it_as_the_resolution() -> None:
    with PageImages(two_pages()) as images:
        picture = images.render(0, 100, grey=True)
    assert (picture.width, picture.height, picture.stride) == (827, 1169, 827)
    assert len(picture.data) == 827 * 1169
    assert [pixel(picture, x, 150) for x in (97, 103, 197, 203)] == [b"\xff", b"\0", b"\0", b"\xff"]
    assert [pixel(picture, 150, y) for y in (97, 103, 197, 203)] == [b"\xff", b"\0", b"\0", b"\xff"]


def test_a_coloured_picture_is_blue_green_red_and_one_opaque_byte() -> None:
    with PageImages(two_pages()) as images:
        picture = images.render(1, 50)
    assert picture.stride == 4 * picture.width
    assert pixel(picture, 10, 10)[:3] == b"\0\0\xff"
    assert pixel(picture, picture.width - 10, 10) == b"\xff\xff\xff\xff"


@pytest.mark.parametrize("grey", [True, False])
def test_the_bands_of_a_page_are_the_page(grey: bool) -> None:
    with PageImages(two_pages()) as images:
        whole = images.render(0, 100, grey=grey)
        bands = list(images.bands(0, 100, grey=grey, rows=100))
    assert [band.top for band in bands] == list(range(0, 1169, 100))
    assert bands[-1].height == 69
    joined = b"".join(band.data for band in bands)
    assert len(joined) == len(whole.data)
    assert max(abs(a - b) for a, b in zip(joined, whole.data, strict=True)) <= 2  # what rounding may do


def test_rows_beyond_the_page_are_left_out_and_none_at_all_is_a_mistake() -> None:
    with PageImages(two_pages()) as images:
        assert images.render(0, 72, rows=range(-10, 5)).height == 5
        with pytest.raises(ValueError, match="no rows"):
            images.render(0, 72, rows=range(900, 1000))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"PK\x03\x04", two_pages()[:300]])
def test_bytes_that_are_no_pdf_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(GxError, match="这个 PDF 文件已经损坏"):
        PageImages(data)


def test_a_pdf_with_a_password_is_refused_as_such() -> None:
    writer = PdfWriter(clone_from=BytesIO(two_pages()))
    writer.encrypt("密码", algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    with pytest.raises(GxError, match="设有密码"):
        PageImages(buffer.getvalue())


def test_there_is_no_page_before_the_first_or_after_the_last() -> None:
    with PageImages(two_pages()) as images:
        for page in (-1, 2):
            with pytest.raises(IndexError):
                images.render(page, 72)


def test_closed_pages_render_nothing_and_close_again() -> None:
    images = PageImages(two_pages())
    images.close()
    images.close()
    with pytest.raises(ValueError, match="closed"):
        images.size(0)


def test_threads_that_render_at_once_get_the_same_pictures() -> None:
    with PageImages(two_pages()) as one, PageImages(two_pages()) as other:
        expected = [one.render(page, 96) for page in (0, 1)]
        with ThreadPoolExecutor(4) as pool:
            jobs = [
                pool.submit(images.render, page, 96)
                for _ in range(10)
                for images in (one, other)
                for page in (0, 1)
            ]
            results = [job.result() for job in jobs]
    assert results == expected * 20


@pytest.mark.skipif(sys.platform == "win32", reason="reads the peak memory as Unix tells it")
def test_printing_pages_at_600_dpi_takes_little_more_memory_than_reading_them() -> None:
    program = """
import resource, sys
from gxeditor.paper.raster import PageImages
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
data = sys.stdin.buffer.read()
with PageImages(data) as images:
    images.render(0, 20)
    before = peak()
    for page in list(range(images.pages)) * 3:
        for band in images.bands(page, 600):
            pass
print(peak() - before)
"""
    result = subprocess.run(
        [sys.executable, "-c", program], input=two_pages(), capture_output=True, check=True
    )
    assert float(result.stdout) < 15
