"""What people read: every sentence, table and picture, made from accounts and findings."""
