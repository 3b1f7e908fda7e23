# SPDX-License-Identifier: GPL-3.0-or-later
"""Small files that would fill the memory, never end, or nest without end."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_PAGE = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R/Resources %b>>"
    % b"<</XObject<</I 5 0 R>>>>",
)
_DEFLATIONS = 3
_ZEROS = 50_000_000


def pdf(objects: list[bytes]) -> bytes:
    """Return a PDF of these objects, numbered from 1."""
    whole, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return whole + head + table + end % (len(objects) + 1, len(whole))


def stream(head: bytes, data: bytes, deflations: int = 0) -> bytes:
    """Return a stream, deflated again and again."""
    for _ in range(deflations):
        data = zlib.compress(data, 9)
    filters = b"/Filter[%b]" % (b"/FlateDecode " * deflations)
    return b"<<%b%b/Length %d>>stream\n%b\nendstream" % (head, filters, len(data), data)


def endless_page() -> bytes:
    """Return a PDF below 1 KB whose only page draws twenty million lines, in gigabytes."""
    return pdf([*_PAGE, stream(b"", b"0 0 m 1 1 l S " * 20_000_000, _DEFLATIONS)])


def huge_picture_page() -> bytes:
    """Return a PDF below 2 KB with a picture of 676 million pixels."""
    head = b"/Type/XObject/Subtype/Image/Width 26000/Height 26000/BitsPerComponent 8"
    picture = stream(head + b"/ColorSpace/DeviceRGB", bytes(26000 * 26000), _DEFLATIONS)
    return pdf([*_PAGE, stream(b"", b"q 300 0 0 400 0 0 cm /I Do Q"), picture])


def nested_page(depth: int = 2_000_000) -> bytes:
    """Return a PDF with lists in lists, `depth` deep."""
    return pdf([*_PAGE, stream(b"", b"/I Do"), b"[" * depth + b"]" * depth])


def nested_functions(depth: int = 20_000) -> bytes:
    """Return a PDF with a shading whose function is made of functions, `depth` deep."""
    head = b"<</FunctionType 3/Domain[0 1]/Bounds[]/Encode[0 1]/Functions[%d 0 R]>>"
    shading = b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 300 0]/Function 6 0 R>>"
    functions = [head % number for number in range(7, 7 + depth)]
    page = _PAGE[2].replace(b"/XObject<</I", b"/Shading<</I")
    last = b"<</FunctionType 2/Domain[0 1]/N 1>>"
    return pdf([*_PAGE[:2], page, stream(b"", b"/I sh"), shading, *functions, last])


def picture(width: int = 50_000, height: int = 50_000) -> bytes:
    """Return a PNG of some hundred bytes that says it has 2,500 million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


_WORKBOOK: Mapping[str, str] = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/'
    'workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
    'main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="s" sheetId="1" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/worksheet" Target="worksheets/s.xml"/></Relationships>',
}
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>%s</sheetData></worksheet>'
)


def workbook(rows: str, more: bytes = b"") -> bytes:
    """Return a workbook with a title and these rows, and one more part if there is one."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in _WORKBOOK.items():
            packed.writestr(name, text)
        packed.writestr("xl/worksheets/s.xml", _SHEET % rows)
        if more:
            packed.writestr("xl/media/more.bin", more)
    return data.getvalue()


def far_cell() -> bytes:
    """Return a workbook with one cell in the last row and column that there can be."""
    cell = '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    return workbook(f'<row r="1048576">{cell}</row>')


def zip_bomb() -> bytes:
    """Return a workbook that says it unpacks to more than fits."""
    return workbook("", bytes(3 * _ZEROS))


def lying_zip_bomb() -> bytes:
    """Return a workbook whose sheet is far larger than its directory says."""
    name = "a" * 5_000_000
    whole = workbook(f'<row r="2"><c r="A2" t="inlineStr"><is><t>{name}</t></is></c></row>')
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        size = packed.getinfo("xl/worksheets/s.xml").file_size
    return whole.replace(struct.pack("<I", size), struct.pack("<I", 1000))
