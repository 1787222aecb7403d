"""What lawyers and other programs take over: the certificate, the custody as a graph, the lists as a workbook."""
