def write(campaign, history, path):
  pass
