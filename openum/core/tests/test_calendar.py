"""The five ways the law counts time, against independent oracles."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.calendar import (
    Calendar,
    OutsideCalendar,
    Roll,
    before_days,
    business_days,
    cal_days,
    elapsed_hours,
    end_of_day,
    in_zone,
    local_date,
    months_corr,
    roll,
)

ZONES = ("America/New_York", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu", "America/Puerto_Rico")
THANKSGIVING = date(2026, 11, 26)
FEDERAL = Calendar("us-federal", frozenset({THANKSGIVING, date(2026, 12, 25), date(2027, 1, 1)}))
WASHINGTON = Calendar("us-WA", frozenset({THANKSGIVING, date(2026, 11, 27)}))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2025, 1, 1), date(2028, 1, 1))


def at(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone))


def test_seventy_two_hours_over_the_spring_change_show_one_hour_more_on_the_wall_clock():
    start = at("America/New_York", 2026, 3, 6, 9)
    assert elapsed_hours(start, 72).isoformat() == "2026-03-09T10:00:00-04:00"


def test_seventy_two_hours_over_the_autumn_change_show_one_hour_less_on_the_wall_clock():
    start = at("America/New_York", 2026, 10, 30, 9)
    assert elapsed_hours(start, 72).isoformat() == "2026-11-02T08:00:00-05:00"


def test_the_hour_that_comes_twice_is_counted_twice():
    first_half_past_one = at("America/New_York", 2026, 11, 1, 1, 30)
    second = elapsed_hours(first_half_past_one, 1)
    assert second.isoformat() == "2026-11-01T01:30:00-05:00"
    assert second.fold == 1


@settings(max_examples=60)
@given(moments, st.integers(0, 96), st.sampled_from(ZONES))
def test_elapsed_hours_agree_with_counting_minute_by_minute(moment, hours, zone):
    counted = moment
    for _ in range(hours * 60):
        counted += timedelta(minutes=1)
    assert elapsed_hours(in_zone(moment, zone), hours) == counted


def test_the_day_of_receipt_is_day_zero_and_the_seventh_day_ends_at_its_last_second():
    assert cal_days(date(2026, 11, 19), 7, "America/New_York").isoformat() == "2026-11-26T23:59:59-05:00"


@settings(max_examples=100)
@given(days, st.integers(0, 60), st.sampled_from(ZONES))
def test_one_second_after_a_calendar_day_count_it_is_the_next_day(day, number, zone):
    end = cal_days(day, number, zone)
    assert local_date(end, zone) == day + timedelta(days=number)
    assert local_date(end.astimezone(UTC) + timedelta(seconds=1), zone) == day + timedelta(days=number + 1)


def test_the_end_of_a_day_whose_last_hour_comes_twice_is_the_later_one():
    # Cuba set its clocks back at one in the morning of 2026-11-01; Lebanon did so at midnight of 2021-10-30.
    assert end_of_day(date(2021, 10, 30), "Asia/Beirut").isoformat() == "2021-10-30T23:59:59+02:00"


def test_business_days_skip_thanksgiving_and_the_weekend():
    assert business_days(date(2026, 11, 25), 1, FEDERAL) == date(2026, 11, 27)
    assert business_days(date(2026, 11, 25), 2, FEDERAL) == date(2026, 11, 30)


def test_a_state_that_closes_on_friday_counts_another_day():
    assert business_days(date(2026, 11, 25), 1, WASHINGTON) == date(2026, 11, 30)


def test_no_business_days_is_the_day_itself():
    assert business_days(date(2026, 11, 28), 0, FEDERAL) == date(2026, 11, 28)


@settings(max_examples=100)
@given(days, st.integers(1, 30))
def test_business_days_agree_with_listing_every_open_day(day, number):
    open_days = [
        day + timedelta(days=step)
        for step in range(1, 70)
        if (day + timedelta(days=step)).isoweekday() <= 5 and day + timedelta(days=step) not in FEDERAL.holidays
    ]
    assert business_days(day, number, FEDERAL) == open_days[number - 1]


def test_a_count_that_leaves_the_calendar_is_refused_instead_of_guessed():
    short = Calendar("us-federal", frozenset(), date(2026, 1, 1), date(2026, 12, 31))
    assert business_days(date(2026, 12, 30), 1, short) == date(2026, 12, 31)
    with pytest.raises(OutsideCalendar, match="knows the holidays from 2026-01-01 to 2026-12-31, not of 2027-01-01"):
        business_days(date(2026, 12, 30), 2, short)
    with pytest.raises(OutsideCalendar, match="not of 2025-12-31"):
        short.is_business_day(date(2025, 12, 31))
    assert short.is_business_day(date(2026, 1, 1))


def test_the_corresponding_day_rolls_off_thanksgiving():
    assert months_corr(date(2026, 7, 26), 4, FEDERAL) == date(2026, 11, 27)


def test_a_day_of_the_month_that_does_not_exist_becomes_the_first_of_the_next_month():
    assert months_corr(date(2025, 10, 31), 4, FEDERAL) == date(2026, 3, 2)  # March 1 is a Sunday
    assert months_corr(date(2026, 8, 31), 1, FEDERAL) == date(2026, 10, 1)


def test_corresponding_months_cross_the_end_of_a_year():
    assert months_corr(date(2026, 8, 28), 4, FEDERAL) == date(2026, 12, 28)
    assert months_corr(date(2026, 9, 4), 4, FEDERAL) == date(2027, 1, 4)


def test_ten_days_before_is_the_latest_day_that_leaves_ten():
    assert before_days(date(2026, 12, 15), 10) == date(2026, 12, 5)


def test_rolling_happens_only_where_the_policy_says_so_and_the_day_is_closed():
    assert roll(THANKSGIVING, Roll.NONE, FEDERAL) == THANKSGIVING
    assert roll(THANKSGIVING, Roll.NEXT_BUSINESS_DAY, FEDERAL) == date(2026, 11, 27)
    assert roll(date(2026, 11, 25), Roll.NEXT_BUSINESS_DAY, FEDERAL) == date(2026, 11, 25)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        in_zone(datetime(2026, 11, 19), "America/New_York")  # noqa: DTZ001


def test_the_local_day_is_not_the_day_in_utc():
    assert local_date(datetime(2026, 11, 20, 3, tzinfo=UTC), "America/New_York") == date(2026, 11, 19)
