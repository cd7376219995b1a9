-- The hash of an audit entry as a function of its own, so that the chain can be checked by the rule that sealed it.
CREATE FUNCTION suan_audit_hash(entry audit_event) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(entry.prev_hash || E'\n' || jsonb_build_object('id', entry.id, 'org_id', entry.org_id,
    'seq', entry.seq, 'at', extract(epoch FROM entry.at)::numeric(20, 3), 'actor', entry.actor,
    'auth_method', entry.auth_method, 'action', entry.action, 'resource', entry.resource, 'result', entry.result,
    'detail', entry.detail, 'request_id', entry.request_id, 'ip', entry.ip)::text, 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION suan_audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit:' || NEW.org_id, 0));
  SELECT seq, hash INTO last FROM audit_event WHERE org_id = NEW.org_id ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.prev_hash := coalesce(last.hash, '');
  NEW.hash := suan_audit_hash(NEW);
  RETURN NEW;
END $$;
