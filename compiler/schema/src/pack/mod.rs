//! Makes packed schemas: bytes in, bytes out. Descriptions are their makers' prose and are left behind.
