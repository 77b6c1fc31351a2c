"""Who shares the installation: payers and provider organizations, and the one place where rows are scoped to them."""
