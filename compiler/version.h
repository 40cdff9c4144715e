#ifndef SPOTC_VERSION_H
#define SPOTC_VERSION_H

#define SPOTC_VERSION "0.1.0"

#endif
