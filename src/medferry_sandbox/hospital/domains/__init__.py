"""One module per subject; each exports DOMAIN. A file here is registration enough."""
