SELECT m.enc_ref, m.note_no FROM clinic_note m
