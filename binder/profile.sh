# JupyterLab's terminals are login shells, and /etc/profile has just set PATH anew
PATH=/opt/book/netbook/workspace/bin:/opt/venv/bin:$PATH:/usr/sbin:/sbin
