-- A copy for tests writes to nobody.
UPDATE sicantik_notice
   SET state = 'cancelled',
       reason_code = 'copy'
 WHERE state = 'due';
