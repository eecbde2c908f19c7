"""Is this company licensed? The imported list of licensed companies, a search that forgives spelling but not another name, and
the guided talk on it (docs/companies.md)."""
