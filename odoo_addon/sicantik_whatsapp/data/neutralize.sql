-- A copy for tests writes to nobody.
UPDATE sicantik_notice
   SET state = 'cancelled',
       reason_code = 'copy'
  FROM sicantik_whatsapp_message
 WHERE sicantik_whatsapp_message.notice_id = sicantik_notice.id
   AND sicantik_whatsapp_message.state IN ('queued', 'claimed', 'waiting')
   AND sicantik_notice.state IN ('sent', 'unknown');

UPDATE sicantik_whatsapp_message
   SET state = 'cancelled',
       why = 'copy',
       date_ended = NOW() AT TIME ZONE 'UTC',
       lease_until = NULL
 WHERE state IN ('queued', 'claimed', 'waiting');

UPDATE sicantik_whatsapp_account
   SET active = false,
       check_requested = false,
       token_sealed = NULL,
       app_secret_sealed = NULL,
       token_entered = NULL,
       app_secret_entered = NULL;
