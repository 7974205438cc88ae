-- A copy for tests writes to nobody.
UPDATE sicantik_notice
   SET state = 'cancelled',
       reason_code = 'copy'
  FROM (SELECT notice_id AS told
          FROM sicantik_whatsapp_message
         WHERE state IN ('queued', 'claimed', 'waiting')
         UNION
        SELECT further.id
          FROM sicantik_notice AS further
          JOIN sicantik_whatsapp_message AS summary
            ON summary.id = further.many_message_id
         WHERE summary.state IN ('queued', 'claimed', 'waiting')) AS open_messages
 WHERE sicantik_notice.id = open_messages.told
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
