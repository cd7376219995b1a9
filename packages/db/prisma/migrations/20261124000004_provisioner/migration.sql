-- Indexes of the provisioner's timers and claims, each over what is open now and not over history.
CREATE INDEX allocation_unreleased ON allocation (zone_id) WHERE released_at IS NULL;
CREATE INDEX operation_under_way ON operation (org_id) WHERE status = 'running';
CREATE INDEX operation_unplaced ON operation (created_at) WHERE status = 'pending' AND step = 'place';
CREATE INDEX organization_clock_due ON organization (id) WHERE clock_applied_s < clock_offset_s;
