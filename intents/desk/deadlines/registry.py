"""Every formula that is counted here, by the name under which rules call it."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from intents.desk.deadlines.case import Case
from intents.desk.deadlines.formulas_event import after_listing, instrument_expiry, since_registration
from intents.desk.deadlines.formulas_month import month_recorded
from intents.desk.deadlines.formulas_office import (
    fiscal_year_retirement,
    half_yearly_review,
    report_period_end,
    weekly_cutoff,
)
from intents.desk.deadlines.formulas_period import (
    application_limit,
    final_application,
    forest_period_end,
    member_list,
    monitoring_end,
    period_end,
    period_start,
    yearly_submission,
)
from intents.desk.deadlines.formulas_round import (
    before_cutoff,
    cutoff_after_report,
    plan_change,
    round_cutoff,
    verification_booking,
)
from intents.desk.deadlines.formulas_window import agriculture_window, auction, support_window
from intents.desk.deadlines.formulas_yearly import before_cultivation, contact_check, drainage_record
from intents.desk.deadlines.found import Found
from intents.desk.deadlines.frame import Frame, InForce

ProjectFormula: TypeAlias = Callable[[Case, InForce], Iterator[Found]]
OfficeFormula: TypeAlias = Callable[[Frame, InForce], Iterator[Found]]

OF_PROJECTS: Mapping[str, ProjectFormula] = {
    "application_limit": application_limit,
    "period_start": period_start,
    "period_end": period_end,
    "forest_period_end": forest_period_end,
    "yearly_submission": yearly_submission,
    "monitoring_end": monitoring_end,
    "verification_booking": verification_booking,
    "round_cutoff": round_cutoff,
    "before_cutoff": before_cutoff,
    "cutoff_after_report": cutoff_after_report,
    "final_application": final_application,
    "since_registration": since_registration,
    "support_window": support_window,
    "agriculture_window": agriculture_window,
    "instrument_expiry": instrument_expiry,
    "plan_change": plan_change,
    "contact_check": contact_check,
    "member_list": member_list,
    "before_cultivation": before_cultivation,
    "drainage_record": drainage_record,
    "after_listing": after_listing,
    "month_recorded": month_recorded,
}

OF_OFFICE: Mapping[str, OfficeFormula] = {
    "fiscal_year_retirement": fiscal_year_retirement,
    "report_period_end": report_period_end,
    "weekly_cutoff": weekly_cutoff,
    "auction": auction,
    "half_yearly_review": half_yearly_review,
}
