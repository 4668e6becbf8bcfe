"""Checking in parts: in this process, in several, or on a cluster; kept, so that none is lost."""
