from foundation.files.models import PrivateFile
from foundation.jobs.models import Job, Lease
from foundation.messages.models import Message

__all__ = ["Job", "Lease", "Message", "PrivateFile"]
