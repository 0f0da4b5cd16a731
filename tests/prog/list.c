/* SPDX-License-Identifier: MIT
 * Linked structures: list reversal and merge sort, a binary search tree with deletion, a queue of
 * two stacks. */
#include <stdio.h>
#include "selkirk_guest.h"

enum { NODES = 90, SEEDS = 3 };
struct node {
    struct node *left, *next; /* next is also the right child */
    int key;
};
static struct node nodes[NODES];

static struct node *make_list(uint32_t seed) {
    struct node *head = NULL;
    for (int i = 0; i < NODES; i++) {
        nodes[i] = (struct node){NULL, head, (int)(next_random(&seed) >> 8 & 0xfff)};
        head = &nodes[i];
    }
    return head;
}

static struct node *reverse(struct node *list) {
    struct node *result = NULL;
    while (list != NULL) {
        struct node *const next = list->next;
        list->next = result;
        result = list;
        list = next;
    }
    return result;
}

static struct node *merge(struct node *a, struct node *b) {
    struct node head, *tail = &head;
    while (a != NULL && b != NULL) {
        struct node **const smaller = b->key < a->key ? &b : &a;
        tail->next = *smaller;
        tail = *smaller;
        *smaller = tail->next;
    }
    tail->next = a != NULL ? a : b;
    return head.next;
}

static struct node *sort(struct node *list) {
    if (list == NULL || list->next == NULL)
        return list;
    struct node *slow = list;
    for (struct node *fast = list->next; fast != NULL && fast->next != NULL;
         fast = fast->next->next)
        slow = slow->next;
    struct node *const second = slow->next;
    slow->next = NULL;
    return merge(sort(list), sort(second));
}

static unsigned fold(const struct node *list) {
    unsigned sum = 1;
    for (; list != NULL; list = list->next)
        sum = (sum << 5) - sum + (unsigned)list->key;
    return sum;
}

static struct node *insert(struct node *root, struct node *n) {
    struct node **place = &root;
    n->left = n->next = NULL;
    while (*place != NULL)
        place = n->key < (*place)->key ? &(*place)->left : &(*place)->next;
    *place = n;
    return root;
}

static struct node *remove_smallest(struct node *root, int *key) {
    struct node **place = &root;
    while ((*place)->left != NULL)
        place = &(*place)->left;
    *key = (*place)->key;
    *place = (*place)->next;
    return root;
}

static int depth(const struct node *root) {
    if (root == NULL)
        return 0;
    const int left = depth(root->left), right = depth(root->next);
    return 1 + (left > right ? left : right);
}

static unsigned tree_work(uint32_t seed, int *tree_depth) {
    struct node *root = NULL;
    unsigned sum = 0;
    make_list(seed);
    for (int i = 0; i < NODES; i++)
        root = insert(root, &nodes[i]);
    *tree_depth = depth(root);
    for (int i = 0, key; i < NODES; i++) {
        root = remove_smallest(root, &key);
        sum = sum * 3 + (unsigned)key;
    }
    return sum;
}

static int tree_depth;
static unsigned sorted, reversed, tree;

static void work(void) {
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        struct node *const list = sort(make_list(seed));
        sorted = sorted * 3 + fold(list);
        reversed = reversed * 3 + fold(reverse(list));
        tree = tree * 3 + tree_work(seed, &tree_depth);
    }
}

int main(void) {
    for (int pass = 0; pass < 12; pass++) {
        if (pass == 8)
            roi_begin();
        work();
    }
    roi_end();
    printf("sorted   %08x\nreversed %08x\ntree     %08x, depth %d\n", sorted, reversed, tree,
           tree_depth);
    return 0;
}
