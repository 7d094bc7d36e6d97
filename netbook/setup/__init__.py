"""Getting from a bare machine to a Python that can run the book.

Standard library only (psutil is asked where it happens to be there): this code
runs before anything is installed.

    child      run a program, pass signals on, return its exit code
    console    plain lines for any terminal; questions to the reader
    disk       is there room, may we write
    extra      packages that one command needs, fetched when it is asked for
    lock       one set-up at a time
    packages   apt-get, on Debian and Ubuntu as root
    pins       what requirements.txt asks for, and whether it is met
    pip        install it, show progress, explain failures
    uv         … five times as fast, where it works
    ports      who holds a port, which one is free
    proxies    which proxy settings a program will see
    server     JupyterLab's command line
    start      which Python runs the book: the running one, or a venv
    venv       the book's own .venv: make, recognise, mend
"""
