-- Whoever hears of something finds the request that led to it, as in answers, logs and the audit log.
CREATE OR REPLACE FUNCTION suan_tell_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w record;
BEGIN
  SELECT kind, project_id, name INTO w FROM workload WHERE org_id = NEW.org_id AND id = NEW.workload_id;
  PERFORM suan_tell(NEW.org_id, w.project_id, w.kind || '.' || NEW.to_state, NEW.workload_id, w.kind || '.read',
    jsonb_build_object('name', w.name, 'state', NEW.to_state, 'previous_state', NEW.from_state, 'cause', NEW.event,
      'reason', NEW.reason, 'operation_id', NEW.operation_id,
      'request_id', (SELECT request_id FROM operation WHERE org_id = NEW.org_id AND id = NEW.operation_id)));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION suan_tell_operation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w record;
BEGIN
  SELECT kind, project_id INTO w FROM workload WHERE org_id = NEW.org_id AND id = NEW.workload_id;
  PERFORM suan_tell(NEW.org_id, w.project_id, 'operation.' || NEW.status, NEW.id, w.kind || '.read',
    jsonb_build_object('kind', NEW.kind, 'status', NEW.status, 'resource', NEW.workload_id, 'request_id', NEW.request_id));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION suan_tell_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  thing text := split_part(NEW.action, '.', 1);
  verb text := split_part(NEW.action, '.', 2);
  told text := CASE verb WHEN 'create' THEN 'created' WHEN 'delete' THEN 'deleted' WHEN 'modify' THEN 'updated'
    WHEN 'update' THEN 'updated' WHEN 'add' THEN 'added' WHEN 'remove' THEN 'removed' WHEN 'roll' THEN 'rolled'
    WHEN 'pay' THEN 'pay_requested' WHEN 'revoke' THEN 'revoked' WHEN 'accept' THEN 'accepted' WHEN 'transfer' THEN 'transferred'
    WHEN 'close' THEN 'closed' WHEN 'advance' THEN 'advanced' WHEN 'approve' THEN 'approved' WHEN 'deny' THEN 'denied'
    WHEN 'withdraw' THEN 'withdrawn' WHEN 'leave' THEN 'left' WHEN 'end' THEN 'ended' ELSE verb END;
BEGIN
  PERFORM suan_tell(NEW.org_id, CASE WHEN NEW.resource LIKE 'inst\_%' OR NEW.resource LIKE 'clus\_%'
      THEN (SELECT project_id FROM workload WHERE org_id = NEW.org_id AND id = NEW.resource)
      WHEN NEW.resource LIKE 'proj\_%' THEN NEW.resource END,
    thing || '.' || told, NEW.resource,
    CASE WHEN thing IN ('instance', 'cluster', 'api_key', 'ssh_key', 'project', 'member', 'project_member', 'organization', 'quota',
        'quota_request') THEN thing || '.read'
      WHEN thing IN ('billing', 'budget', 'payment_method', 'invoice', 'payment', 'credit') THEN 'billing.read'
      WHEN thing IN ('invitation') THEN 'member.read' ELSE 'audit.read' END,
    jsonb_build_object('actor', NEW.actor, 'audit_event_id', NEW.id, 'request_id', NEW.request_id));
  RETURN NULL;
END $$;
