-- The open spans alone: who holds a device now, found without reading history. A second guard beside device_given_once.
CREATE UNIQUE INDEX allocation_device_open ON allocation_device (device_id) WHERE upper_inf(span);
