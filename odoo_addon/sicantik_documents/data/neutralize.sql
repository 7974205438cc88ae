-- A copy for tests does not know the office's addresses of documents.
UPDATE sicantik_document
   SET public_token = NULL,
       public_token_sha256 = NULL
 WHERE public_token IS NOT NULL;
