"""Errors of S3 as errors of ours: what happened and what to do, no keys, no secrets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError

from cakupan.core.errors import CakupanError, ConfigurationError, OperationalError

_DENIED = {
    "403", "AccessDenied", "AllAccessDisabled", "AuthorizationHeaderMalformed",
    "ExpiredToken", "Forbidden", "InvalidAccessKeyId", "InvalidToken",
    "RequestTimeTooSkewed", "SignatureDoesNotMatch", "UnauthorizedAccess",
}  # fmt: skip
_AWAY = {"InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout"}
_CUT_OFF = (
    BotoConnectionError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)
_CHANGED = {"412", "PreconditionFailed"}


@contextmanager
def store_errors(bucket: str) -> Iterator[None]:
    """Turn everything boto3 raises into an error with a code.

    Raises:
        OperationalError: ``STORE_UNREACHABLE``, ``STORE_DENIED``,
            ``STORE_BUCKET_MISSING``, ``STORE_CHANGED`` or ``STORE_FAILED``.
        ConfigurationError: ``STORE_INVALID``, the variables of boto3 make no sense.
    """
    try:
        yield
    except ClientError as error:
        raise _of_answer(error, bucket) from None
    except (NoCredentialsError, PartialCredentialsError):
        raise _denied("no complete credentials") from None
    except _CUT_OFF as error:
        raise _away(type(error).__name__) from None
    except (BotoCoreError, Boto3Error, ValueError) as error:
        raise ConfigurationError(
            "STORE_INVALID",
            f"S3 cannot be used with these settings ({type(error).__name__}).",
            "Check CAKUPAN_OBJECT_STORE and the AWS_… variables.",
        ) from None


def bucket_missing(bucket: str) -> OperationalError:
    """There is no such bucket."""
    return OperationalError(
        "STORE_BUCKET_MISSING",
        f"There is no bucket {bucket}.",
        "Run `cakupan init`, or create it, or correct CAKUPAN_OBJECT_STORE.",
    )


def _denied(why: str) -> OperationalError:
    return OperationalError(
        "STORE_DENIED",
        f"The object store refused access ({why}).",
        "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the rights of that key.",
    )


def _away(why: str) -> OperationalError:
    return OperationalError(
        "STORE_UNREACHABLE",
        f"The object store cannot be reached ({why}).",
        "Check AWS_ENDPOINT_URL, that the server runs and has free disk, then try again.",
    )


def _of_answer(error: ClientError, bucket: str) -> CakupanError:
    code = str(error.response.get("Error", {}).get("Code", "?"))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "NoSuchBucket":
        return bucket_missing(bucket)
    if code in _DENIED or status == 403:
        return _denied(code)
    if code in _AWAY or status >= 500:
        return _away(code)
    if code in _CHANGED:
        return OperationalError(
            "STORE_CHANGED", "An object was replaced while it was read.", "Try again."
        )
    return OperationalError(
        "STORE_FAILED",
        f"The object store refused a request ({code}).",
        "Check CAKUPAN_OBJECT_STORE and the log of the server.",
    )
