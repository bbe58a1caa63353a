"""Requests for labs and examinations as the HISs keep them: what laboratory and PACS know of a visit is a request number.

    his_donghu      yj_sqd(sqdh, jzlsh, sqlb, xmdm, sqks, sqys, sqsj, yzid, bqdm, cwh)
    his_qingshanhu  TECH_REQ(REQ_NO, VISIT_NO, KIND_CD, ITEM_NO, ASK_DEPT, ASK_DOC, ASK_TM, ADVICE_NO, WARD_NO, BED_LABEL)
    lis             lab_tube(tube_no, req_no, sample_cd, sample_txt, drawn_at, drawn_by, got_at)
The look-up tables `requests_by_no` and `visits_by_no` of the example read the HISs.
"""

from __future__ import annotations

from datetime import datetime

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.encoders import dt, dt12, dt14
from medferry_sandbox.hospital.exam_facts import exam_requests
from medferry_sandbox.hospital.lab_facts import lab_work
from medferry_sandbox.hospital.model import Order, dt15
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.world import Domain, World

# What both HISs write, one list: LIS and EMR mappings serve both campuses.
code_list("his", "both_sex", "GB/T 2261.1", "1=男 2=女 0=未知 9=未说明 1=M:男 2=F:女 0=U:未知 9=O:未说明")
code_list("his", "both_kind", "CV09.00.404", "1=MZ:门诊 2=JZ:急诊 3=ZY:住院 1=O:门诊 2=E:急诊 3=I:住院")


def _request(world: World, number: str, order: Order, item: str, at: datetime) -> None:
    visit = order.visit
    lab = order.kind == "lab"
    ward = visit.bed.ward.code if visit.inpatient and visit.bed else ""
    bed = visit.bed.bed_no if visit.inpatient and visit.bed else ""
    world.native(
        visit, "his_donghu", "yj_sqd", "sqdh",
        sqdh=number, jzlsh=visit.visit_id, sqlb="JY" if lab else "JC", xmdm=item,
        sqks=order.dept.code, sqys=order.doctor.staff_id, sqsj=dt(dt15(at)), yzid=int(order.order_id),
        bqdm=ward or None, cwh=bed or None,
    )  # fmt: skip
    world.native(
        visit, "his_qingshanhu", "TECH_REQ", "REQ_NO",
        REQ_NO=number, VISIT_NO=visit.visit_id, KIND_CD="L" if lab else "R", ITEM_NO=item,
        ASK_DEPT=order.dept.code, ASK_DOC=order.doctor.staff_id, ASK_TM=dt14(dt15(at)),
        ADVICE_NO=order.order_id, WARD_NO=ward, BED_LABEL=bed,
    )  # fmt: skip


def _tube(world: World, order: Order) -> None:
    work = lab_work(world, order)
    if work is None:
        return
    world.native(
        order.visit, "lis", "lab_tube", "tube_no",
        tube_no=work.tube_no, req_no=order.group, sample_cd=work.panel.specimen_code, sample_txt=work.panel.specimen,
        drawn_at=dt12(dt15(work.drawn)), drawn_by=work.collector.staff_id, got_at=dt12(dt15(work.received)),
    )  # fmt: skip


def build(world: World, batch: Batch) -> None:
    """The batch's requests and tubes."""
    for visit in batch.visits:
        for order in visit.orders:
            if order.kind == "lab":
                _request(world, order.group, order, order.item.item_id, order.at)
                _tube(world, order)
        for asked in exam_requests(visit):
            _request(world, asked.number, asked.order, asked.item[0], asked.at)


DOMAIN = Domain((), build)
