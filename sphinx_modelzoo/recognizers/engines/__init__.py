"""The engines that give scores to views: MXNet, the reference, and faster ones behind a check."""
