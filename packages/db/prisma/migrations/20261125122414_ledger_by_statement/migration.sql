-- The ledger's two rules by statement instead of by row: thousands of journals are booked by one INSERT. Stricter than before:
-- no statement may leave a journal unbalanced, not only no transaction.

DROP TRIGGER balances ON ledger_entry;
DROP TRIGGER keep_balance ON ledger_entry;
DROP FUNCTION suan_journal_balances();
DROP FUNCTION suan_keep_balance();

CREATE FUNCTION suan_journals_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE off record;
BEGIN
  -- Every entry of the journals touched, the earlier ones included.
  SELECT e.journal_id, e.currency, sum(e.micro) AS total INTO off
    FROM (SELECT DISTINCT org_id, journal_id FROM fresh) f
    JOIN ledger_entry e ON e.journal_id = f.journal_id AND e.org_id = f.org_id
    GROUP BY e.journal_id, e.currency HAVING sum(e.micro) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % does not balance: % % micro', off.journal_id, off.total, off.currency
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER balances AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION suan_journals_balance();

CREATE FUNCTION suan_keep_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- In the order of the key, so that two bookings over the same accounts cannot deadlock.
  INSERT INTO ledger_balance (org_id, account, currency, micro)
    SELECT org_id, account, currency, sum(micro) FROM fresh GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (org_id, account, currency) DO UPDATE SET micro = ledger_balance.micro + excluded.micro;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_balance AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION suan_keep_balances();
