-- The worker writes to people about what happens while nobody asks: it may read whom and in which language, nothing else.
GRANT SELECT (id, name, email, locale) ON auth_user TO app_worker;
