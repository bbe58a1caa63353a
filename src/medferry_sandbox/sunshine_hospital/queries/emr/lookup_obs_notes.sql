SELECT m.enc_ref, m.obs_no FROM obs_note m
