"""A document of somebody's, which is erased."""

from .documents_case import PDF, DocumentsCase

NAME = "Surat Izin Budi Contoh"


class EraseCase(DocumentsCase):
    def setUp(self):
        super().setUp()
        self.subject = self.document(name=NAME)
        self.version(self.subject, title=NAME, original_filename=NAME)
        for version in self.subject.version_ids:
            self.worker_server.files[version.uuid] = ({"sha256": version.sha256}, PDF)

    def job(self):
        self.env["sicantik.config"]._cron_erase_documents()
        self.env.flush_all()
        self.env.invalidate_all()

    def erase(self, documents=None, user=None, reason="diminta pemohon"):
        documents = (documents or self.subject).with_user(user or self.manager)
        action = documents.action_erase()
        wizards = self.env[action["res_model"]].with_user(user or self.manager)
        wizard = wizards.with_context(**action["context"]).create({"reason": reason})
        wizard.action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        return wizard

    def asked(self):
        return [
            uuid for method, uuid, _ in self.worker_server.heard if method == "DELETE"
        ]
