-- A copy for tests must not speak to the office's SICANTIK, nor be served by the worker of the original.
UPDATE sicantik_config
   SET active = false,
       worker_url = NULL,
       worker_public_key = NULL,
       worker_hook_key = NULL,
       worker_hook_key_previous = NULL,
       api_key_stored = NULL;

DELETE FROM res_users_apikeys
 WHERE user_id IN (SELECT id FROM res_users WHERE login = 'sicantik_worker');

UPDATE sicantik_sync_run
   SET state = 'cancelled',
       date_end = NOW() AT TIME ZONE 'UTC',
       lease_until = NULL
 WHERE state IN ('queued', 'claimed');
