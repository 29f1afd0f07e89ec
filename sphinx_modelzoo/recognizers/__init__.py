"""The programs at the other end of the pipe; the only room that imports MXNet and GluonCV."""
