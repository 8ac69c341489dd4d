"""The table of the escrow to where it is."""

from certkit.errors import CertkitError
from certkit.escrow.where import InFolder, Where, in_bucket
from certkit.manifest import keys
from certkit.manifest.table import Table


def read(table: Table) -> Where | None:
    """Returns where the escrow is, None where there is none.

    Raises:
        ConfigurationError: it says something that it may not.
    """
    if not table.check([key.name for key in keys.ESCROW_KEYS]).values:
        return None
    bucket, folder, recipient = table.get(keys.BUCKET), table.get(keys.FOLDER), table.get(keys.RECIPIENT)
    if bucket is not None and folder is None:
        return _in_bucket(table, bucket)
    if folder is None or bucket is not None:
        raise table.error("", "it is in a bucket or in a folder", f"such as bucket = {keys.BUCKET.example}")
    if recipient is None:
        raise table.error(
            "", "a folder needs the recipient to close bundles to", f"recipient = {keys.RECIPIENT.example}"
        )
    for key in (keys.PREFIX, keys.KMS_KEY, keys.BUCKET_REGION):
        if table.get(key) is not None:
            raise table.error(key.name, "it goes with bucket =, not with folder =")
    return InFolder(table.text.path_of(folder), table.text.path_of(recipient))


def _in_bucket(table: Table, bucket: str) -> Where:
    recipient = table.get(keys.RECIPIENT)
    given = {"kms_key": table.get(keys.KMS_KEY), "region": table.get(keys.BUCKET_REGION)}
    if recipient is not None:
        given["recipient"] = str(table.text.path_of(recipient))
    try:
        return in_bucket(bucket, table.get(keys.PREFIX) or "", {key: value for key, value in given.items() if value})
    except CertkitError as error:
        raise table.error("", error.message, error.hint) from error
