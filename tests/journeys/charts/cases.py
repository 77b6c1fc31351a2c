"""The requests: whose chart, what is asked for, of which plan. About forty, each with something to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.journeys.charts.asking import SERVICE, Ask, request
from tests.journeys.charts.patients import (
    Patient,
    answered_form,
    bundled_patient,
    reference_patient,
    synthea_patient,
)

Json = dict[str, Any]
Form = Mapping[str, Any]

AS_OF = date(2026, 3, 6)
LAST_VISIT = date(2026, 3, 5)
"""The newest day of every chart: the patients live now, as old as they were."""
HISTORY = timedelta(days=730)
"""A practice sends two years of measurements; conditions and procedures it sends whole."""

MEDICARE, EMPLOYER, DRUGS, MEDICAID = "medicare-advantage", "erisa:TX", "part-d", "medicaid-managed-care"

OXYGEN: Form = {
    "oxygen_test_ordered_and_evaluated": True, "oxygen_test_performed_by": "under_treating_practitioner",
    "oxygen_started_at_hospital_discharge": False, "signs_that_oxygen_can_relieve": True,
    "oxygen_test_on_room_air": True, "oxygen_test_kind": "oximetry", "main_reason_for_oxygen": "low_blood_oxygen",
}  # fmt: skip
CPAP: Form = {
    "cpap_member_educated": True, "sleep_clinical_evaluation": True, "attended_sleep_lab_study": True,
    "sleep_test_ordered_by_treating_physician": True, "sleep_test_physician_supervised": True, "sleep_test_hours": 6,
}  # fmt: skip
BED: Form = {
    "physician_prescription_for_item": True, "bed_positioning_needed": True,
    "bed_condition_and_symptoms_described": True,
}  # fmt: skip
MRI: Form = {
    "ordered_by_treating_practitioner": True, "mri_unit_fda_approved": True, "mri_purpose": "brain_cord_or_spine",
    "ferromagnetic_life_support": False, "claustrophobia": False, "metal_clip_on_aneurysm": False,
}  # fmt: skip
INFLIXIMAB: Form = {
    "disease_activity": "severe", "methotrexate_planned_together": True, "infliximab_dose": 3,
    "tuberculosis_test_date": date(2026, 1, 15), "tuberculosis_ruled_out_or_treated": True, "hepatitis_b_tested": True,
    "serious_infection_now": False, "severe_reaction_to_infliximab": False, "other_biologic_at_same_time": False,
    "infliximab_response": "starting",
}  # fmt: skip
PEXIDARTINIB: Form = {
    "tenosynovial_giant_cell_tumor": True, "tumor_limits_daily_life": True, "surgery_would_not_help": True,
    "liver_impairment": False, "liver_tests_above_normal": False, "pexidartinib_prescriber_certified": True,
    "pexidartinib_patient_enrolled": True, "counseled_on_liver_risk": True, "pexidartinib_daily_dose": 400,
}  # fmt: skip
THERAPY: Form = {
    "seen_by_treating_practitioner": True, "therapy_plan_complete": True, "therapy_plan_by_qualified_person": True,
    "therapy_plan_certified_date": date(2026, 2, 20), "therapy_accepted_for_condition": True,
    "therapy_needs_therapist": True, "therapy_improvement_expected": True, "therapy_recovers_by_itself": False,
}  # fmt: skip
BACK: Form = {
    "back_pain_weeks": 10, "conservative_care_weeks": 8, "back_pain_medicine_tried": True,
    "back_exercises_tried": True, "pain_persists_after_conservative_care": True,
    "treating_practitioner_visit_date": date(2026, 3, 2), "expected_outcome_changes_care": True,
    "lumbar_mri_last_year": False,
}  # fmt: skip
ANEMIA: Form = {
    "anemia_due_to_chemotherapy": True, "esa_weeks_given": 0, "epoetin_dose": 150, "anemia_has_another_cause": False,
    "myeloid_or_erythroid_cancer": False, "esa_given_to_prevent": False,
    "neutralizing_antibodies_to_erythropoietin": False, "uncontrolled_hypertension": False,
}  # fmt: skip
PET: Form = {
    "pet_tracer": "fdg", "pet_strategy": "initial", "fdg_pet_initial_done": 0, "cancer_biopsy_proven": True,
    "ordered_by_treating_practitioner": True, "pet_initial_question": "extent_decides_treatment",
    "pet_initial_use": "distant_spread",
}  # fmt: skip
DAY_PROGRAM: Form = {
    "behavioral_evaluation_date": date(2026, 3, 5), "needs_hospital_level_care": False,
    "suicide_or_violence_risk": "moderate", "withdrawal_need": "none", "safe_between_sessions": True,
    "psychiatric_symptom_severity": "moderate", "program_hours_per_week": 20, "program_licensed": True,
    "treatment_plan_individual": True, "discharge_plan_started": True, "agrees_to_treatment": True,
    "can_take_part": True,
}  # fmt: skip
ADMISSION: Form = {
    "inpatient_order_written": True, "inpatient_order_by_practitioner_with_privileges": True,
    "ordering_practitioner_knows_hospital_course": True, "inpatient_order_by_time_of_admission": True,
    "expected_midnights": 3, "expectation_rests_on_medical_factors": True, "expectation_factors_documented": True,
}  # fmt: skip
STOMACH: Form = {"medical_obesity_treatment_failed": True}


@dataclass(frozen=True, slots=True)
class Case:
    """Whose chart, at which plan, and what is asked for."""

    patient: Patient
    plan: str
    ask: Ask

    def bundle(self) -> Json:
        """The request as a Bundle."""
        return request(self.patient, self.ask)


def seed(own: str, until: date = date.max, *, folder: str = "test_ehr_seed") -> Patient:
    """A patient of the reference implementation, as they stood on a day, moved to now."""
    return reference_patient(own, folder).until(until).moved(LAST_VISIT)


def life(name: str, until: date = date.max) -> Patient:
    """A Synthea patient as a practice would send them: as they stood on a day, moved to now."""
    return synthea_patient(name).until(until).moved(LAST_VISIT).since(LAST_VISIT - HISTORY)


def imaging(code: str, dx: str, form: Form, **more: Any) -> Ask:
    """A scan, in an office."""
    return Ask(code=code, system="cpt", diagnoses=(dx,), place="11", category="4", form=form, **more)


def bed_day(code: str, dx: str, form: Form, **more: Any) -> Ask:
    """A stay or a program, by its revenue code."""
    return Ask(
        code=code, system="revenue", diagnoses=(dx,), place="21", category="48", kind="AR", unit="day", form=form,
        **more,
    )  # fmt: skip


def reference_cases() -> dict[str, Case]:
    """Patients of the reference implementation's seeds."""
    john, billy, jane = seed("pat013"), seed("pat015"), seed("pat016")
    teddy, breathless = seed("pat014", date(2020, 7, 7)), seed("pat014", date(2020, 4, 8))
    *_, gas = (one for one in breathless.chart if one.get("code", {}).get("coding", [{}])[0].get("code") == "2703-7")
    both = Patient(john.person, (*john.chart, {**gas, "subject": {"reference": f"Patient/{john.person['id']}"}}))
    snow, smith = (seed(own, folder="rems/ehr_seed") for own in ("pat017", "pat036"))
    lungs, legs = (
        bundled_patient(name).moved(LAST_VISIT) for name in ("HypoxemiaPatientBundle", "ProstheticsPatientData")
    )
    own_form = answered_form("QuestionnaireResponse-home-o2-questionnaireresponse")
    return {
        "john oxygen": Case(john, MEDICARE, Ask(code="E0424", diagnoses=("J44.9",), form=OXYGEN)),
        "john oxygen without a form": Case(john, MEDICARE, Ask(code="E0424", diagnoses=("J44.9",))),
        "john oxygen, test of 2019": Case(
            reference_patient("pat013"), MEDICARE, Ask(code="E0424", diagnoses=("J44.9",), form=OXYGEN)
        ),
        "john oxygen, a form of another payer": Case(
            john, MEDICARE, Ask(code="E0424", diagnoses=("J44.9",), forms=(own_form,))
        ),
        "john oxygen, a blood gas of another opinion": Case(
            both, MEDICARE, Ask(code="E0424", diagnoses=("J44.9",), form=OXYGEN)
        ),
        "john cpap": Case(john, MEDICARE, Ask(code="E0601", diagnoses=("J44.9",), form=CPAP)),
        "john glucose monitor": Case(john, MEDICARE, Ask(code="E0607", diagnoses=("E11.21",))),
        "john bed": Case(john, MEDICARE, Ask(code="E0250", diagnoses=("J44.9",), form=BED)),
        "teddy oxygen": Case(breathless, MEDICARE, Ask(code="E0424", diagnoses=("J44.0",), form=OXYGEN)),
        "teddy cpap": Case(teddy, MEDICARE, Ask(code="E0601", diagnoses=("G47.33",), form=CPAP)),
        "teddy bariatric": Case(
            teddy, MEDICARE,
            Ask(code="43775", system="cpt", diagnoses=("E66.01",), place="21", category="2", form=STOMACH),
        ),
        "teddy respiratory assist": Case(teddy, MEDICARE, Ask(code="E0470", diagnoses=("G12.20",))),
        "teddy ambulance": Case(teddy, MEDICARE, Ask(code="A0426", diagnoses=("S42.91XB",), place="41", category="56")),
        "teddy emergency ambulance": Case(teddy, MEDICARE, Ask(code="A0427", diagnoses=("S42.91XB",), place="41")),
        "billy oxygen": Case(billy, MEDICAID, Ask(code="E0424", diagnoses=("J44.9",), form=OXYGEN)),
        "billy cpap": Case(billy, EMPLOYER, Ask(code="E0601", diagnoses=("G47.33",), form=CPAP)),
        "jane oxygen": Case(jane, MEDICARE, Ask(code="E1390", diagnoses=("J44.9", "R09.02"), form=OXYGEN)),
        "jane portable oxygen": Case(jane, MEDICARE, Ask(code="E0431", diagnoses=("J44.9",), form=OXYGEN)),
        "jane ventilator": Case(jane, MEDICARE, Ask(code="E0465", diagnoses=("G12.0",))),
        "snow pexidartinib": Case(
            snow, DRUGS, Ask(code="65597-407-20", system="ndc", diagnoses=("D48.1",), category="88", form=PEXIDARTINIB)
        ),
        "smith pexidartinib": Case(
            smith, DRUGS, Ask(code="65597-407-20", system="ndc", diagnoses=("D48.1",), category="88")
        ),
        "hypoxemia nebulizer": Case(
            lungs, EMPLOYER, Ask(code="94640", system="cpt", diagnoses=("J18.9",), place="11")
        ),
        "hypoxemia oxygen": Case(lungs, EMPLOYER, Ask(code="E1390", diagnoses=("R09.02",), form=OXYGEN)),
        "prosthesis knee": Case(legs, MEDICARE, Ask(code="L5856", diagnoses=("Z89.612",))),
        "prosthesis wheelchair": Case(legs, MEDICARE, Ask(code="K0001", diagnoses=("Z74.09",))),
    }  # fmt: skip


def synthea_cases() -> dict[str, Case]:
    """Whole Synthea lives."""
    ra = ("M06.9",)
    return {
        "copd oxygen": Case(
            life("Birgit_Schmeler"), EMPLOYER, Ask(code="E1390", diagnoses=("J44.9",), form=OXYGEN)
        ),
        "colon cancer epoetin": Case(
            life("Micah_Schinner", date(2018, 1, 27)), MEDICARE,
            Ask(code="J0885", diagnoses=("C78.5", "D64.81"), place="11", category="1", quantity=40, form=ANEMIA),
        ),
        "colon cancer pet": Case(
            life("Whitney_Ortiz"), EMPLOYER, imaging("78815", "C18.9", {**PET, "cancer_type": "colorectal"})
        ),
        "colon cancer epoetin, anemia gone": Case(
            life("Micah_Schinner", date(2018, 4, 2)), MEDICARE,
            Ask(code="J0885", diagnoses=("C78.5", "D64.81"), place="11", category="1", quantity=40, form=ANEMIA),
        ),
        "prostate cancer pet": Case(
            life("Andy_Schaden"), MEDICARE, imaging("78815", "C61", {**PET, "cancer_type": "prostate"})
        ),
        "lung cancer brain mri": Case(
            life("Sherman_McGlynn"), MEDICARE, imaging("70553", "C34.90", {**MRI, "implanted_cardiac_device": False})
        ),
        "defibrillator brain mri": Case(life("Randolph_Wisoky"), MEDICARE, imaging("70551", "R51.9", MRI)),
        "defibrillator denied by the form brain mri": Case(
            life("Randolph_Wisoky"), MEDICARE, imaging("70551", "R51.9", {**MRI, "implanted_cardiac_device": False})
        ),
        "migraine brain mri": Case(life("Birgit_Schmeler"), EMPLOYER, imaging("70551", "G43.719", MRI)),
        "pregnancy long over brain mri": Case(
            life("Virginia_Mercado"), EMPLOYER,
            imaging("70551", "R51.9", {**MRI, "implanted_cardiac_device": False, "pregnant": False}),
        ),
        "chronic pain lumbar mri": Case(life("Quintin_Parker"), EMPLOYER, imaging("72148", "M54.50", BACK)),
        "chronic pain lumbar mri, three weeks": Case(
            life("Bradly_Douglas"), EMPLOYER,
            imaging("72148", "M54.50", {**BACK, "back_pain_weeks": 3, "conservative_care_weeks": 3}),
        ),
        "cancer history lumbar mri": Case(
            life("Whitney_Ortiz"), EMPLOYER, imaging("72148", "M54.50", {"back_pain_new": True})
        ),
        "chronic pain stimulator": Case(
            life("Oswaldo_Mante"), MEDICARE, Ask(code="63650", system="cpt", diagnoses=("G89.4",), place="22")
        ),
        "arthritis infliximab biosimilar": Case(
            life("Hershel_Marvin"), EMPLOYER, Ask(code="Q5103", diagnoses=ra, place="11", form=INFLIXIMAB)
        ),
        "arthritis infliximab brand": Case(
            life("Asa_Hermiston"), EMPLOYER, Ask(code="J1745", diagnoses=ra, place="11", form=INFLIXIMAB)
        ),
        "arthritis of long ago infliximab": Case(
            life("Willy_Koepp"), EMPLOYER, Ask(code="Q5103", diagnoses=("M25.50",), place="11", form=INFLIXIMAB)
        ),
        "diabetes bariatric": Case(
            life("Dirk_Kuhlman"), MEDICARE,
            Ask(code="43775", system="cpt", diagnoses=("E66.01",), place="21", category="2", form=STOMACH),
        ),
        "hip replacement": Case(
            life("Rufus_Kihn"), EMPLOYER, Ask(code="27130", system="cpt", diagnoses=("M16.11",), place="21")
        ),
        "knee therapy, twelve visits": Case(
            life("Pierre_Bosco"), EMPLOYER,
            Ask(code="97110", system="cpt", diagnoses=("M17.11",), place="11", category="PT", quantity=12, unit="visit",
                form=THERAPY),
        ),
        "knee therapy, twenty visits": Case(
            life("Chauncey_Johnston"), EMPLOYER,
            Ask(code="97110", system="cpt", diagnoses=("M17.11",), place="11", category="PT", quantity=20, unit="visit",
                form=THERAPY),
        ),
        "therapy evaluation": Case(
            life("Chauncey_Johnston"), EMPLOYER, Ask(code="97161", system="cpt", diagnoses=("M17.11",), place="11")
        ),
        "depression day program": Case(
            life("Milan_Beatty"), EMPLOYER,
            Ask(code="H0035", diagnoses=("F33.2",), place="52", category="A6", quantity=10, unit="day",
                form=DAY_PROGRAM),
        ),
        "depression day program of thirty days": Case(
            life("Milan_Beatty"), EMPLOYER,
            Ask(code="H0035", diagnoses=("F33.2",), place="52", category="A6", quantity=30, unit="day",
                form=DAY_PROGRAM),
        ),
        "opioid residential, New York": Case(
            life("Virginia_Mercado"), "erisa:NY",
            Ask(code="H0018", diagnoses=("F11.20",), place="55", category="A8", quantity=7, unit="day"),
        ),
        "heart attack admission": Case(life("Alejandro_Riojas"), MEDICARE, bed_day("0120", "I21.4", ADMISSION)),
        "heart failure short stay": Case(
            life("Beatrice_Aufderhar"), MEDICARE, bed_day("0120", "I50.9", {**ADMISSION, "expected_midnights": 1})
        ),
        "stroke electric bed": Case(
            life("Reba_Nolan"), MEDICARE,
            Ask(code="E0265", diagnoses=("I69.354",),
                form={**BED, "transfers_from_bed_to_wheelchair": True, "frequent_position_changes_needed": True,
                      "operates_bed_controls": True}),
        ),
        "stroke bed, hemiparesis unnamed": Case(
            life("Eugenia_Schuster"), MEDICARE, Ask(code="E0260", diagnoses=("R26.89",), form=BED)
        ),
        "childbirth": Case(life("Eboni_Brekke"), EMPLOYER, bed_day("0720", "O80", {})),
        "emergency room": Case(
            life("Blaine_Schroeder"), EMPLOYER, Ask(code="99284", system="cpt", diagnoses=("T40.2X1A",), place="23")
        ),
        "colonoscopy": Case(
            life("Darron_Feeney"), MEDICARE, Ask(code="45378", system="cpt", diagnoses=("Z12.11",), place="22")
        ),
    }  # fmt: skip


def all_cases() -> dict[str, Case]:
    """Every request, by name."""
    return {**reference_cases(), **synthea_cases()}


__all__ = ["AS_OF", "SERVICE", "Case", "all_cases"]
