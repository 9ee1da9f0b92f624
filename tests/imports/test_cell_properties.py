"""Whatever stands in a cell: no crash, and only values that fit the record (hypothesis)."""

import datetime
import string
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shared_schema
from backend.domain.schema import check_fields
from backend.domain.text import is_phone, is_plate, is_vin
from tests.imports.reading import FIELDS, read

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(string.digits + "-/.:, +年月日eE*粤AB临¥万转", max_size=30),
    st.datetimes(),
)


@pytest.mark.parametrize("name", FIELDS)
@given(cell=CELLS)
def test_no_cell_crashes_and_every_value_fits_its_record(name, cell):
    """Property: whatever stands in a cell, what comes out is valid for the record, a problem, or nothing."""
    got = read(name, cell)
    if got.value is None:
        return
    assert got.problem is None
    field = FIELDS[name]
    assert (
        check_fields(shared_schema.load(), {"it": {**field.spec, "required": True}}, {"it": got.value}) == []
    )


@given(
    fen=st.integers(0, 10**10),
    comma=st.booleans(),
    sign=st.sampled_from(["", "¥", "￥"]),
    unit=st.sampled_from(["", "元"]),
)
def test_money_survives_writing_and_reading(fen, comma, sign, unit):
    text = f"{Decimal(fen) / 100:{',' if comma else ''}.2f}"
    assert read("amount_fen", sign + text + unit).value == fen


@given(amount=st.floats(0, 10**8))
def test_a_float_is_read_as_excel_shows_it(amount):
    expected = Decimal(format(amount, ".15g")).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100
    assert read("amount_fen", amount).value == int(expected)


@given(
    moment=st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2090, 1, 1)),
    form=st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d", "%Y-%m-%d %H:%M:%S"]),
)
def test_a_date_survives_writing_and_reading(moment, form):
    assert read("delivered_on", moment.strftime(form)).value == moment.date().isoformat()


@given(
    number=st.integers(13 * 10**9, 2 * 10**10 - 1),
    gaps=st.lists(st.integers(1, 10), max_size=3),
    prefix=st.sampled_from(["", "+86", "86 ", "0086"]),
)
def test_a_mobile_survives_spaces_and_prefixes(number, gaps, prefix):
    digits = list(str(number))
    for gap in sorted(gaps, reverse=True):
        digits.insert(gap, " ")
    assert read("phones", prefix + "".join(digits)).value == [str(number)]


@given(st.text())
def test_stored_forms_are_recognised(text):
    phones, plate, number = read("phones", text).value, read("plate", text).value, read("vin", text).value
    assert all(map(is_phone, phones or []))
    assert plate is None or is_plate(plate)
    assert number is None or is_vin(number)
