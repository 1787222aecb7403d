"""Small widgets that pages are built from; there is no statistic and no case in them."""
