"""The kernel's side: one helper container, confined, by which a lab looks into all network namespaces."""
