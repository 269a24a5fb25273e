"""The pages of 运行监控, a file for each thing that is looked at."""
