"""The formulas that rules of deadlines may name, and what each of them uses; how they count is the desk's matter."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.reminder_model import RuleSubject

DUE = "due"


@dataclass(frozen=True, slots=True)
class FormulaShape:
    """What a formula speaks of, the days besides `due` that notices may be laid around, its numbers, its settings.

    `recurring`: the same date comes again each year or round, so that a new one is no old one that moved. `once`: what
    people have done for it stays done when the date moves. `needs` is the field of a project without which there is
    nothing to count, so that the others cost nothing.
    """

    subject: RuleSubject = RuleSubject.PROJECT
    anchors: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    recurring: bool = False
    once: bool = False
    needs: str = ""


def _shape(
    anchors: str = "",
    amounts: str = "",
    settings: str = "",
    subject: RuleSubject = RuleSubject.PROJECT,
    *,
    recurring: bool = False,
    once: bool = False,
    needs: str = "",
) -> FormulaShape:
    days, numbers, entered = (frozenset(names.split()) for names in (anchors, amounts, settings))
    return FormulaShape(subject, days, numbers, entered, recurring, once, needs)


FORMULAS: Mapping[str, FormulaShape] = {
    "application_limit": _shape(amounts="months"),
    "period_start": _shape(),
    "period_end": _shape(amounts="months", settings="scheme_cap_date"),
    "forest_period_end": _shape("ordinary_end", "months longest_months"),
    "yearly_submission": _shape(amounts="years", settings="submission_month", recurring=True),
    "monitoring_end": _shape(recurring=True),
    "verification_booking": _shape("cutoff", "days", once=True),
    "round_cutoff": _shape(once=True),
    "before_cutoff": _shape(settings="working_days", once=True, needs="target_round"),
    "cutoff_after_report": _shape("received"),
    "final_application": _shape("period_end", settings="final_application_limit_days"),
    "since_registration": _shape("registration"),
    "support_window": _shape("fiscal_year", recurring=True),
    "agriculture_window": _shape("new_year opens", recurring=True),
    "instrument_expiry": _shape(recurring=True),
    "plan_change": _shape("changed"),
    "contact_check": _shape(amounts="first_month second_month", recurring=True),
    "member_list": _shape("period_end", "days", recurring=True),
    "before_cultivation": _shape("new_year", settings="registration_day", recurring=True),
    "drainage_record": _shape("new_year after_heading", "month", "heading_month", recurring=True),
    "month_recorded": _shape(amounts="day newest", recurring=True, needs="items"),
    "after_listing": _shape("listed", "months", recurring=True),
    "fiscal_year_retirement": _shape("grace_end", "grace_months", subject=RuleSubject.OFFICE, recurring=True),
    "report_period_end": _shape(settings="report_ends", subject=RuleSubject.OFFICE),
    "weekly_cutoff": _shape(settings="weekday hour", subject=RuleSubject.OFFICE, recurring=True),
    "auction": _shape("announced opens", subject=RuleSubject.OFFICE, recurring=True),
    "half_yearly_review": _shape(
        amounts="first_month second_month", subject=RuleSubject.OFFICE, recurring=True
    ),
    # Carried out by clocks of their own.
    "seminar_day": _shape(subject=RuleSubject.SEMINAR),
    "meeting_day": _shape(subject=RuleSubject.MEETING),
    "consultation_day": _shape("asked", subject=RuleSubject.CONSULTATION),
}
