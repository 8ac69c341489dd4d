"""AWS: sessions, the one typed wrapper of ACM, and what AWS's errors mean. boto3 is reached from here only."""
