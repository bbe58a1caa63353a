-- 门诊费用明细：已结算（ChargeItemStatus 5）的收费项目才离院，见 ready_when。
-- 挂号费行只存总价，单价取定价；总价等于定价时数量为 1
SELECT
  c.id,
  c.patient_id,
  c.encounter_id,
  e.bus_no,
  e.class_enum,
  p.name,
  CASE WHEN c.refund_id IS NULL THEN '1' ELSE '2' END AS charge_type,
  c.refund_id,
  c.occurrence_time AT TIME ZONE 'Asia/Shanghai' AS occurred_at,
  CASE
    WHEN r.id IS NOT NULL THEN 'drug-' || d.category_code
    WHEN c.service_table = 'adm_healthcare_service' THEN 'service-' || h.category_code
  END AS fee_category,
  coalesce(d.id, c.definition_id) AS item_id,
  coalesce(d.name, f.charge_name) AS item_name,
  CASE
    WHEN r.id IS NOT NULL THEN '1'
    WHEN c.service_table = 'adm_healthcare_service' AND h.id IS NOT NULL THEN '2'
  END AS item_type,
  r.prescription_no,
  CASE WHEN r.prescription_no IS NOT NULL THEN r.id END AS drug_request_id,
  c.quantity_unit,
  coalesce(nullif(c.unit_price, 0), f.price) AS unit_price,
  coalesce(c.quantity_value, CASE WHEN c.total_price = f.price THEN 1 END) AS quantity,
  c.total_price,
  c.discount_amount,
  ac.type_code AS account_type,
  CASE WHEN ac.type_code = '1' THEN c.total_price END AS personal_amount,
  CASE WHEN ac.type_code = '1' THEN 0 END AS insurance_amount,
  ro.id AS requesting_org_id,
  ro.name AS requesting_org_name,
  xo.id AS performing_org_id,
  xo.name AS performing_org_name,
  pr.id AS doctor_id,
  pr.name AS doctor_name,
  c.status_enum,
  c.delete_flag,
  c.create_time AT TIME ZONE 'Asia/Shanghai' AS created_at,
  coalesce(c.update_time, c.create_time) AT TIME ZONE 'Asia/Shanghai' AS changed_at
FROM public.adm_charge_item c
LEFT JOIN public.med_medication_request r
  ON r.id = c.service_id AND (c.service_table = 'med_medication_request' OR c.bus_no = r.bus_no)
LEFT JOIN public.med_medication_definition d ON d.id = r.medication_id
LEFT JOIN public.adm_charge_item_definition f ON f.id = c.definition_id AND r.id IS NULL
LEFT JOIN public.adm_healthcare_service h ON c.service_table = 'adm_healthcare_service' AND h.id = c.service_id
LEFT JOIN public.adm_encounter e ON e.id = c.encounter_id
LEFT JOIN public.adm_patient p ON p.id = c.patient_id
LEFT JOIN public.adm_account ac ON ac.id = c.account_id
LEFT JOIN public.adm_organization ro ON ro.id = coalesce(c.requesting_org_id, e.organization_id)
LEFT JOIN public.adm_organization xo ON xo.id = c.performing_org_id
LEFT JOIN public.adm_practitioner pr ON pr.id = coalesce(r.practitioner_id, c.enterer_id)
