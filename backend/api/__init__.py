"""The HTTP edge: parse, authorise, call, answer. Nothing here decides business."""
