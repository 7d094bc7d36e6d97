"""Who reaches whom, and how fast: every pair pinged inside the containers, as matrices and strips."""
