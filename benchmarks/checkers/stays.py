"""Front pages of hospital stays as they should be: every rule of the table holds, every branch of a rule is walked.

What no rule speaks of is drawn by format (`drawn.drawn_batch`); what rules speak of is made here.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

import polars as pl

from benchmarks.checkers.drawn import drawn_batch
from medferry.catalog.model import Catalog, Table
from medferry.records import StandardBatch

TABLE = "inpatient_record_home"
Row = dict[str, str | None]

_DAY, _MOMENT = "%Y%m%d", "%Y%m%dT%H%M%S"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_COMA = ("coma_before_day", "coma_before_hour", "coma_before_minute",
         "coma_after_day", "coma_after_hour", "coma_after_minute")  # fmt: skip
_TCM_CODES = ("main_tcm_disease_code", "main_tcm_syndrome_code",
              "outpatient_tcm_disease_code", "outpatient_tcm_syndrome_code")  # fmt: skip
_TCM_FLAGS = ("tcm_preparation_flag", "tcm_device_flag", "tcm_technique_flag", "tcm_nursing_flag")
_TCM_FEES = ("tcm_external_fee", "tcm_orthopedic_fee", "tcm_acupuncture_fee", "tcm_massage_fee",
             "tcm_anorectal_fee", "tcm_special_fee")  # fmt: skip
_PARTS = ("general_service_fee", "general_treatment_fee", "nursing_fee", "general_other_fee", "pathology_fee",
          "lab_fee", "imaging_fee", "clinical_diag_fee", "nonsurgical_fee", "surgical_fee", "rehab_fee",
          "tcm_treatment_fee", "western_drug_fee", "patent_drug_fee", "herbal_fee", "blood_fee", "albumin_fee",
          "globulin_fee", "coagulation_fee", "cytokine_fee", "exam_material_fee", "treatment_material_fee",
          "surgery_material_fee", "other_fee")  # fmt: skip
_BY_BEHAVIOUR = {
    "/3": ("C00", "C76"),
    "/6": ("C77", "C79"),
    "/2": ("D00", "D09"),
    "/0": ("D10", "D36"),
    "/1": ("D37", "D48"),
}


@dataclass(frozen=True)
class Lists:
    """Codes to draw from, by what the rules ask of them."""

    catalog: Catalog

    @cached_property
    def names(self) -> Mapping[str, str]:
        return self.catalog.value_set("ICD-10").names

    @cached_property
    def divisions(self) -> Mapping[str, str]:
        return self.catalog.value_set("GB/T 2260").names

    @cached_property
    def counties(self) -> Sequence[str]:
        return [code for code in self.divisions if code.startswith("36") and code[4:] != "00"]

    def diagnoses(self, low: str, high: str) -> Sequence[str]:
        """ICD-10 codes of a range that may be a main diagnosis, a hundred at most."""
        found = [c for c in sorted(self.names) if low <= c[:3] <= high and "*" not in c]
        return found[:: max(1, len(found) // 100)]

    @cached_property
    def illness(self) -> Sequence[str]:
        return [*self.diagnoses("E10", "E78"), *self.diagnoses("I10", "I69"), *self.diagnoses("J09", "K92")]

    @cached_property
    def head_injury(self) -> Sequence[str]:
        return self.diagnoses("S06", "S06")

    @cached_property
    def injury(self) -> Sequence[str]:
        return self.diagnoses("S10", "S92")

    @cached_property
    def cause(self) -> Sequence[str]:
        return self.diagnoses("V01", "Y98")

    @cached_property
    def birth(self) -> Sequence[str]:
        return self.diagnoses("O80", "O84")

    @cached_property
    def newborn(self) -> Sequence[str]:
        return self.diagnoses("P05", "P96")

    @cached_property
    def tumours(self) -> Mapping[str, tuple[Sequence[str], Sequence[str]]]:
        """Behaviour -> main diagnoses of both sexes, morphology codes."""
        sexed = (
            *(f"C5{n}" for n in range(1, 9)),
            "C60",
            "C61",
            "C62",
            "C63",
            "D06",
            "D25",
            "D26",
            "D27",
            "D28",
            "D29",
        )
        forms = sorted(self.catalog.value_set("ICD-10-morphology").codes)
        return {
            behaviour: (
                [c for c in self.diagnoses(*span) if not c.startswith(sexed)],
                [form for form in forms if form.endswith(behaviour)],
            )
            for behaviour, span in _BY_BEHAVIOUR.items()
        }

    @cached_property
    def tcm(self) -> Sequence[str]:
        return sorted(self.catalog.value_set("GB/T 15657").codes)[:200]


@dataclass(frozen=True)
class _Stay:
    """One stay being made; methods add the fields of one matter each."""

    rng: random.Random
    lists: Lists
    row: Row
    kind: str
    admitted: datetime
    left: datetime

    @property
    def days(self) -> int:
        return max(1, (self.left.date() - self.admitted.date()).days)

    def often(self, share: float) -> bool:
        return self.rng.random() < share

    def put(self, names: Sequence[str], value: str | None) -> None:
        self.row.update(dict.fromkeys(names, value))

    def person(self) -> None:
        row, rng = self.row, self.rng
        baby = self.kind == "newborn"
        least, most = {"newborn": (0, 27), "infant": (30, 360), "birth": (21 * 366, 40 * 365)}.get(
            self.kind, (2 * 366, 90 * 365)
        )
        born = self.admitted - timedelta(days=rng.randint(least, most))
        if baby and born.date() == self.admitted.date():
            born = self.admitted
        years = (int(f"{self.admitted:%Y%m%d}") - int(f"{born:%Y%m%d}")) // 10_000
        sex = "2" if self.kind == "birth" else rng.choice("12")
        infant = years == 0
        row.update(sex_code=sex, birth_date=born.strftime(_DAY), age_year=str(years))
        row.update(age_month=f"{rng.randint(0, 11)}" if infant else None)
        row.update(age_day=str((self.admitted.date() - born.date()).days) if infant else None)
        row.update(
            newborn_birth_weight=str(rng.randint(250, 420) * 10) if baby or self.kind == "birth" else None
        )
        row.update(newborn_admission_weight=str(rng.randint(250, 420) * 10) if baby else None)
        row.update(marital_code=rng.choice(["20", "21", "30", "40"]) if years >= 22 else "10")
        row.update(
            contact_relation_code=rng.choice(["20", "30", "50", "10"] if years >= 22 else ["50", "51", "52"])
        )
        row.update(
            occupation_code="31" if years <= 16 else "80" if years >= 60 else rng.choice(["17", "24", "27"])
        )
        card = self.often(0.9)
        row.update(
            id_type_code="01" if card else "03",
            id_no=self._card(row) if card else f"P{rng.randint(10**7, 10**8)}",
        )

    def _card(self, row: Row) -> str:
        place, born = self.rng.choice(self.lists.counties), row["birth_date"]
        turn = 2 * self.rng.randint(0, 4) + (row["sex_code"] == "1")
        digits = f"{place}{born}{self.rng.randint(0, 99):02d}{turn}"
        return digits + "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11]

    def places(self) -> None:
        for who in ("current", "household"):
            code, names = self.rng.choice(self.lists.counties), self.lists.divisions
            self.row[f"{who}_addr_code"], self.row[f"{who}_addr_county"] = code, names[code]
            self.row[f"{who}_addr_province"] = names[f"{code[:2]}0000"]
            self.row[f"{who}_addr_city"] = names[f"{code[:4]}00"]
            self.row[f"{who}_postcode"] = f"33{self.rng.randint(0, 9999):04d}"
        self.row.update(employer_postcode=f"33{self.rng.randint(0, 9999):04d}")
        for phone in ("phone", "contact_phone", "employer_phone"):
            self.row[phone] = f"1{self.rng.randint(3 * 10**9, 10**10 - 1)}"

    def times(self) -> None:
        row = self.row
        row.update(admission_time=self.admitted.strftime(_MOMENT), discharge_time=self.left.strftime(_MOMENT))
        row.update(hospital_days=str(self.days), qc_date=(self.left + timedelta(days=1)).strftime(_DAY))
        row.update(created_at=(self.left + timedelta(hours=3)).strftime(_MOMENT))
        row.update(updated_at=(self.left + timedelta(days=2)).strftime(_MOMENT))
        row.update(nursing_special_days="0", nursing_level1_days="1", nursing_level2_days=str(self.days - 1))
        row.update(nursing_level3_days="0")
        moved = self.often(0.2)
        moves = self.rng.choice(("呼吸内科", "重症医学科→呼吸内科", "急诊科 -> 呼吸内科"))
        row.update(transfer_dept_code="D07" if moved else None, transfer_dept_name=moves if moved else None)
        row.update(discharge_dept_name="呼吸内科" if moved else "消化内科")
        row.update(admission_dept_code=f"D{self.rng.randint(10, 40)}")
        row.update(discharge_dept_code="D07" if moved else row["admission_dept_code"])
        row.update(transfer_in_org_name="省人民医院" if row["admission_route_code"] == "3" else None)
        inside, spent = self.often(0.1) and self.days > 2, self.rng.randint(60, 1200)
        arrived = self.admitted + timedelta(hours=2)
        row.update(icu_in_time=arrived.strftime(_MOMENT) if inside else None)
        row.update(icu_out_time=(arrived + timedelta(minutes=spent)).strftime(_MOMENT) if inside else None)
        row.update(icu_hours=f"{spent / 60:.1f}" if inside else None)
        whole_hours = (self.left - self.admitted) // timedelta(hours=1)
        row.update(ventilator_hours=f"{self.rng.randint(0, whole_hours)}.5" if inside else None)

    def diagnosis(self) -> None:
        row, rng, lists = self.row, self.rng, self.lists
        self.put(("pathology_diag_code", "pathology_diag_name", "pathology_no"), None)
        self.put(("injury_cause_code", "injury_cause_name", *_COMA), None)
        if self.kind == "tumour":
            mains, forms = lists.tumours[rng.choice(list(_BY_BEHAVIOUR))]
            main = rng.choice(mains)
            row.update(pathology_diag_code=rng.choice(forms), pathology_diag_name="见病理报告")
            row.update(pathology_no=f"BL{rng.randint(10**5, 10**6)}")
        else:
            main = rng.choice(getattr(lists, "illness" if self.kind == "infant" else self.kind))
        if self.kind in ("injury", "head_injury"):
            row.update(injury_cause_code=rng.choice(lists.cause), injury_cause_name="意外受伤")
        if self.kind == "head_injury":
            self.put(_COMA, "0")
            row.update(coma_before_minute=str(rng.randint(0, 59)), coma_after_hour=str(rng.randint(0, 23)))
        row.update(main_diag_code=main, main_diag_name=lists.names[main])
        row.update(main_diag_admission_cond_code=rng.choice("123"))
        allergic = self.often(0.1)
        row.update(drug_allergy_flag="2" if allergic else "1", allergy_drug="青霉素" if allergic else None)

    def leaving(self) -> None:
        mode = self.rng.choices("123459", (80, 5, 5, 4, 2, 4))[0]
        again = mode != "5" and self.often(0.1)
        self.row.update(
            discharge_mode_code=mode, receiving_org_name="社区卫生服务中心" if mode in "23" else None
        )
        self.row.update(autopsy_flag="2" if mode == "5" else None)
        self.row.update(readmission_31d_flag="2" if again else "1")
        self.row.update(readmission_31d_purpose="化学治疗" if again else None)
        self.row.update(rescue_times="2", rescue_success_times="1")

    def fees(self) -> None:
        """In cents, so that the parts add up."""
        cents = {name: self.rng.randint(0, 200_000) for name in _PARTS}
        cents.update({name: self.rng.randint(100, 90_000) for name in _PARTS[:5]}, exam_material_fee=1_000)
        for whole, parts in _WITHIN.items():
            for part in parts:
                cents[part] = cents[whole] // (len(parts) + 1)
        tcm = self._tcm()
        if tcm:
            cents.update(
                {
                    name: self.rng.randint(100, 50_000)
                    for name in (*_TCM_FEES, "tcm_diag_fee", "tcm_other_fee")
                }
            )
            cents.update(tcm_preparation_fee=cents["patent_drug_fee"] // 2, tcm_treatment_fee=5_000)
        total = sum(cents.get(name, 0) for name in (*_PARTS, "tcm_diag_fee", "tcm_other_fee"))
        cents.update(total_cost=total)
        cents.update(self_pay_amount=total if self.row["payment_method_code"] == "07" else total // 3)
        self.row.update({name: f"{amount // 100}.{amount % 100:02d}" for name, amount in cents.items()})
        self.row.update(abo_code=self.rng.choice("1234"), rh_code=self.rng.choice("12"))

    def _tcm(self) -> bool:
        """Whether the page is one of Chinese medicine, with what that asks for."""
        tcm = self.often(0.15)
        self.row.update(treatment_category_code=self.rng.choice(["1", "1.1", "1.2", "2"]) if tcm else "3")
        for name in _TCM_CODES:
            self.row[name] = self.rng.choice(self.lists.tcm) if tcm else None
            self.row[name.replace("_code", "_name")] = "证候" if tcm else None
        self.put(
            ("main_tcm_disease_cond_code", "main_tcm_syndrome_cond_code", "tcm_pathway_flag"),
            "1" if tcm else None,
        )
        self.put(_TCM_FLAGS, "T" if tcm else None)
        self.put((*_TCM_FEES, "tcm_diag_fee", "tcm_other_fee", "tcm_preparation_fee"), None)
        return tcm


_WITHIN = {
    "nonsurgical_fee": ("physiotherapy_fee",),
    "surgical_fee": ("anesthesia_fee", "operation_fee"),
    "western_drug_fee": ("antibiotic_fee",),
}
_KINDS = ("illness", "injury", "head_injury", "tumour", "birth", "newborn", "infant")
_SHARES = (60, 10, 3, 10, 8, 5, 4)


def stays(table: Table, catalog: Catalog, rows: int, seed: int = 7) -> StandardBatch:
    """A batch of which no row has any finding."""
    rng, lists = random.Random(seed), Lists(catalog)
    drawn = drawn_batch(table, catalog, rows, seed)
    made = [_made(row, n, rng, lists) for n, row in enumerate(drawn.frame.to_dicts())]
    frame = pl.DataFrame(made, schema=drawn.frame.schema)
    return replace(drawn, frame=frame)


def _made(row: Row, number: int, rng: random.Random, lists: Lists) -> Row:
    admitted = datetime(2025, 1, 1) + timedelta(minutes=rng.randint(0, 500_000))  # noqa: DTZ001  wall time
    left = admitted + timedelta(minutes=rng.randint(60, 20_000))
    stay = _Stay(rng, lists, row, rng.choices(_KINDS, _SHARES)[0], admitted, left)
    staff = rng.randint(100, 400)
    row.update(resident_physician_id=f"U{staff}", responsible_nurse_id=f"U{staff + 1}", coder_id="U1")
    stay.person()
    stay.places()
    stay.times()
    stay.diagnosis()
    stay.leaving()
    stay.fees()
    return row
