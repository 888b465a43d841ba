"""Where the work runs. Engines move data; no formula lives here."""
