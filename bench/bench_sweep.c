/* draft */
#include "linear/registry.h"
#include "ode/sweep.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
enum { GRID = 200, DIM = 2 };
static double now(void){struct timespec n;clock_gettime(CLOCK_PROCESS_CPUTIME_ID,&n);return n.tv_sec+1e-9*n.tv_nsec;}
static double limits[GRID*GRID][DIM], truth[GRID*GRID][DIM];
static struct problem problem;
static enum status mk(void*c,struct flow**f){(void)c;return problem_flow(&problem,f);}
static void st(const void*c,size_t k,double*x){(void)c;x[0]=3*(2*(double)(k%GRID)/(GRID-1)-1);x[1]=3*(2*(double)(k/GRID)/(GRID-1)-1);}
static enum status sink(void*c,size_t k,const double*x0,const struct sweep_result*r){(void)c;(void)x0;limits[k][0]=r->limit[0];limits[k][1]=r->limit[1];return OK;}
int main(int argc,char**argv){
 problem=problem_defaults(&system_chain,&rule_rbp);
 struct sweep_plan plan=sweep_plan_defaults(); plan.threads=1;
 if(argc>1){plan.coarse.rtol=atof(argv[1]);plan.coarse.atol=plan.coarse.rtol/100;} if(argc>2)plan.lanes=atoi(argv[2]);
 struct sweep_task task={.count=GRID*GRID,.flow=mk,.start=st,.result=sink};
 struct sweep_tally tally; double best=1e9;
 for(int i=0;i<7;i++){double a=now(); if(sweep_run(&plan,&task,&tally)!=OK){printf("%s\n",status_message());return 1;} a=now()-a; if(a<best)best=a;}
 if(argc<=3)for(size_t k=0;k<GRID*GRID;k++){double x[2];st(NULL,k,x);struct prediction p;if(problem_predict(&problem,x,truth[k],&p)!=OK)return 1;}
 double worst=0;size_t off=0;for(size_t k=0;k<GRID*GRID;k++){double d=hypot(limits[k][0]-truth[k][0],limits[k][1]-truth[k][1]);if(!(d<=1e-8))off++;if(d>worst)worst=d;}
 printf("%.3f us/traj, handed %zu, attempts/traj %.1f, settled %zu, worst %g off %zu\n",best/GRID/GRID*1e6,tally.by_referee,(double)tally.attempts/GRID/GRID,tally.endings[0],worst,off);
}
