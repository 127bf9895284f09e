"""List prices of AWS in us-east-1, in USD (aws.amazon.com/<service>/pricing, November 2026), without any free tier."""

from __future__ import annotations

TRANSITION = 25.00e-6
LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_SECOND = 13.3334e-6  # arm64
WRITE_UNIT = 0.625e-6
READ_UNIT = 0.125e-6
S3_WRITE = 5.00e-6  # PUT, LIST
S3_READ = 0.40e-6  # GET, HEAD
LOG_GB = 0.50
TRANSFER_GB = 0.09  # to the internet
HTTP_REQUEST = 1.00e-6
EMAIL = 20.00e-6
SNAPSTART_GB_SECOND = 1.5046e-6  # of keeping a snapshot

# S3's operations that cost what a PUT does; deletions are free.
S3_WRITES = frozenset({"PutObject", "CopyObject", "CreateMultipartUpload", "UploadPart", "ListObjectsV2"})
S3_READS = frozenset({"GetObject", "HeadObject"})
